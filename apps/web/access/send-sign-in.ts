/** Asks the API to open or end a session, which it keeps in a cookie that no script reads. The answer is a sentence, or null when it went well. */

type SignInRequest = { link: string } | { email: string; password: string };

export async function sendSignIn(apiUrl: string, request: SignInRequest): Promise<string | null> {
  return post(`${apiUrl}/auth/${'link' in request ? 'link' : 'password'}`, request);
}

export async function sendSignOut(apiUrl: string): Promise<string | null> {
  return post(`${apiUrl}/auth/sign-out`, {});
}

async function post(url: string, body: object): Promise<string | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      credentials: 'include',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.ok) return null;
    const { error } = (await response.json()) as { error: { message: string } };
    return error.message;
  } catch {
    return 'The API does not answer.';
  }
}
