package io.surprisal.bench.report;

/** The files of figures that stand beside the page, and from which it is made again. */
public enum ReportFile {
  /** Scalar and vector by shape, operation and threads, with what the machine allows. */
  COMPARE("compare.json"),
  /** The same for every number of classes, on one thread. */
  SWEEP("sweep.json"),
  /** Native libraries beside ours. */
  PEERS("peers.json"),
  /** Cold starts. */
  START("start.json"),
  /** Errors of losses and gradients. */
  ERRORS("errors.json"),
  /** Digests of results by threads and vector widths. */
  DIGESTS("digests.json"),
  /** Whether speed depends on what ran before; not on the page. */
  STEADY("steady.json");

  private final String fileName;

  ReportFile(String fileName) {
    this.fileName = fileName;
  }

  /** Its name within the folder of the report. */
  public String fileName() {
    return fileName;
  }
}
