/**
 * How the library that checks what is typed is used by all forms: every module with a schema takes this one too, so that it
 * comes with the forms and not with every page. Scripts must not make scripts of text (content-policy.ts), so it is told not to
 * try; and what it says of a value is said in the forms' words.
 */
import { config } from 'zod/mini';
import { describeIssue } from './own-words.ts';

config({ jitless: true, customError: describeIssue });
