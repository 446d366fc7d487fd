// Prints the numbered behaviours as one table at the end of a run, and the plain line that any reader understands.
const NUMBERED = /^([A-Z]\d+) /;

export default class BehavioursReporter {
  #rows = new Map();

  onTestResult(_test, { testResults }) {
    for (const { title, ancestorTitles, status } of testResults) {
      const number = [title, ...ancestorTitles].map((one) => NUMBERED.exec(one)?.[1]).find(Boolean);
      if (number === undefined) continue;
      const row = this.#rows.get(number) ?? { passed: 0, failed: 0 };
      row[status === 'passed' ? 'passed' : 'failed'] += 1;
      this.#rows.set(number, row);
    }
  }

  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const order = ([a], [b]) => a[0].localeCompare(b[0]) || Number(a.slice(1)) - Number(b.slice(1));
    const rows = [...this.#rows]
      .sort(order)
      .map(([number, { passed, failed }]) => `${number} ${failed ? `${failed} failed` : passed}`);
    if (rows.length > 0) console.log(`\nBehaviours (tests green): ${rows.join(' · ')}`);
    console.log(`\n${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`);
  }
}
