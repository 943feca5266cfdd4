/** The version that the server tells; the same as in this workspace's package.json (a test compares them). */
export const API_VERSION = '0.1.0';
