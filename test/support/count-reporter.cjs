/** Prints the outcome for machines, alone on a line: `120 passed, 0 failed, 3 skipped`. */
module.exports = class CountReporter {
  onRunComplete(_contexts, results) {
    // A spec file that does not even load has no failed tests in it, and yet it failed.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    console.log(`${results.numPassedTests} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
  }
};
