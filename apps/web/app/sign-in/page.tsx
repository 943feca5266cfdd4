/** Where a one-time link leads, and where a provider sends back whom it could not sign in. */
import type { Metadata } from 'next';
import { SignInView } from './sign-in-view.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default function SignInPage() {
  return <SignInView />;
}
