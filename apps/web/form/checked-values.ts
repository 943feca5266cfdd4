/**
 * The library that checks what is typed, as all forms use it: it comes with the forms, not with every page. Scripts must not
 * make scripts of text (content-policy.ts), so it is told not to try; and what it says of a value is said in the forms' words.
 */
import { z } from 'zod';
import { describeIssue } from './own-words.ts';

z.config({ jitless: true, customError: describeIssue });

export { z };
