/**
 * Runs before every page. Scripts must not make scripts of text (content-policy.ts), so zod is told not to try; and what it
 * says of a value is said in the words of the forms.
 */
import { config } from 'zod/v4/core';
import { describeIssue } from './form/own-words.ts';

config({ jitless: true, customError: describeIssue });
