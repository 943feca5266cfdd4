/** Runs before every page. Scripts must not make scripts of text (content-policy.ts), so zod is told not to try. */
import { config } from 'zod/v4/core';

config({ jitless: true });
