declare namespace jest {
  interface Matchers<R> {
    /** The receiver got exactly so many requests. */
    toHaveBeenTried(times: number): R;
  }
}
