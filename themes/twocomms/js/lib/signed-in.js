// Whether somebody is signed in here: a hint that the sidecar leaves and that opens nothing.

/** Whether this browser carries the hint of a session. */
export function isSignedIn() {
  return /(?:^|; )u=1/.test(document.cookie);
}
