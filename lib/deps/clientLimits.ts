/** For clients of background work, which no caller waits for: patient, and bounded all the same. */
export const CLIENT_LIMITS = {
  // The first try and four more: some seconds of throttling.
  maxAttempts: 5,
  requestHandler: {
    connectionTimeout: 2_000,
    // A file of the archive has some MB.
    requestTimeout: 15_000,
    throwOnRequestTimeout: true,
  },
};
