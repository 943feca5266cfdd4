/** How often a page asks again why runs wait: workers say that they are alive every five seconds. */
export const WAIT_REFRESH_MS = 5_000;
