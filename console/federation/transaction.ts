/** A sign-in that this tab began; its answer is good here alone, and once. */
export interface Transaction {
  state: string;
  nonce: string;
  codeVerifier: string;
  /** Path of the console to go on at. */
  returnTo: string;
}

const STORED = 'switchboard.sign-in';

export function begin(transaction: Transaction): void {
  sessionStorage.setItem(STORED, JSON.stringify(transaction));
}

/** The sign-in that was begun last, which ends with that. */
export function take(): Transaction | undefined {
  const stored = sessionStorage.getItem(STORED);
  sessionStorage.removeItem(STORED);
  return stored === null ? undefined : (JSON.parse(stored) as Transaction);
}
