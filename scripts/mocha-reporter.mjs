import mocha from "mocha";

const { Base, Dot } = mocha.reporters;

/** Dots while it runs, failures in full, and a last line that a pipeline can read: `N passed, N failed`. */
export default class Totals extends Dot {
  epilogue() {
    Base.prototype.epilogue.call(this);
    const { passes, failures } = this.stats;
    Base.consoleLog(`${passes} passed, ${failures} failed`);
  }
}
