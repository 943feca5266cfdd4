/** Sessions, links, tokens and passwords in the database: hashed, used once, out of date, raced for. */
import {
  inviteAccount,
  inviteFirstOwner,
  setAccountDisabled,
  updateAccount,
} from '@microtome/store/access/accounts';
import { hashPassword, isPassword } from '@microtome/store/access/password';
import { findPrincipal } from '@microtome/store/access/principals';
import { hashSecret } from '@microtome/store/access/secret';
import { signInByIdentity, signInByLink, signInByPassword, signOut } from '@microtome/store/access/sign-in';
import { createToken, revokeToken } from '@microtome/store/access/tokens';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestStore, type TestStore } from '../../test-store.ts';

let test: TestStore;
beforeAll(async () => {
  test = await createTestStore();
});
afterAll(() => test.close());

const PASSWORD = 'correct horse battery';
let count = 0;
const invite = (isOwner = false) => {
  const name = `person ${++count}`;
  return inviteAccount(test.store, { name, email: `Person.${count}@ward.example`, isOwner });
};

/** All rows of all tables of accounts, as text. */
async function dump(): Promise<string> {
  const { rows } = await test.store.database.pool.query(
    `select jsonb_agg(t)::text as text from (
       select to_jsonb(account) from account union all select to_jsonb(account_session) from account_session
       union all select to_jsonb(sign_in_link) from sign_in_link union all select to_jsonb(access_token) from access_token) t`,
  );
  return rows[0].text;
}

describe('a link', () => {
  it('lets in one of those who use it at once, and never again', async () => {
    const { secret } = await invite();
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => signInByLink(test.store, { secret, address: `race ${count}` })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(signInByLink(test.store, { secret, address: 'late' })).rejects.toThrow('was used');
  });

  it('of the first owner is one, however many processes start, and none once they have signed in', async () => {
    const drawn = await Promise.all(Array.from({ length: 4 }, () => inviteFirstOwner(test.store)));
    expect(await test.store.database.prisma.account.count({ where: { isOwner: true } })).toBe(1);
    const tries = await Promise.allSettled(
      drawn.map((secret) => signInByLink(test.store, { secret: secret!, address: 'first' })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await inviteFirstOwner(test.store)).toBeNull();
  });

  it('is worthless after three days', async () => {
    const { secret } = await invite();
    await test.store.database.pool.query(
      `update sign_in_link set expires_at = now() - interval '1 second' where hash = $1`,
      [hashSecret(secret)],
    );
    await expect(signInByLink(test.store, { secret, address: 'old' })).rejects.toThrow('out of date');
  });
});

describe('a session', () => {
  it('stands for its account until it is signed out or the account is disabled', async () => {
    const { account, secret: link } = await invite();
    const { secret } = await signInByLink(test.store, { secret: link, address: 'here' });
    const credential = { kind: 'SESSION' as const, secret };
    expect(await findPrincipal(test.store, credential)).toMatchObject({
      accountId: account.id,
      scopes: null,
    });
    await setAccountDisabled(test.store, { accountId: account.id, disabled: true });
    expect(await findPrincipal(test.store, credential)).toEqual({ kind: 'STRANGER' });
    await setAccountDisabled(test.store, { accountId: account.id, disabled: false });
    expect(await findPrincipal(test.store, credential)).toEqual({ kind: 'STRANGER' });
  });

  it('ends elsewhere when the password changes', async () => {
    const { account, secret: link } = await invite();
    const here = await signInByLink(test.store, { secret: link, address: 'here' });
    const change = { accountId: account.id, password: PASSWORD, keptSession: hashSecret(here.secret) };
    await updateAccount(test.store, change);
    const there = await signInByPassword(test.store, {
      email: ` ${account.email!.toUpperCase()} `,
      password: PASSWORD,
      address: 'there',
    });
    await updateAccount(test.store, change);
    expect((await findPrincipal(test.store, { kind: 'SESSION', secret: here.secret })).kind).toBe('SESSION');
    expect((await findPrincipal(test.store, { kind: 'SESSION', secret: there.secret })).kind).toBe(
      'STRANGER',
    );
    await signOut(test.store, here.secret);
    expect((await findPrincipal(test.store, { kind: 'SESSION', secret: here.secret })).kind).toBe('STRANGER');
  });
});

describe('a password', () => {
  it('is compared with what scrypt made of it, each time with another salt', async () => {
    const [one, two] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)];
    expect(one).not.toBe(two);
    expect(await isPassword(PASSWORD, one)).toBe(true);
    expect(await isPassword(`${PASSWORD} `, one)).toBe(false);
    expect(await isPassword(PASSWORD, null)).toBe(false);
    await expect(hashPassword('short')).rejects.toThrow('12 to 200 characters, and this one has 5');
  });

  it('is tried ten times in a quarter of an hour, then not even the right one', async () => {
    const { account } = await invite();
    const email = account.email!;
    const wrong = { email, password: 'wrong', address: 'guesser' };
    for (let attempt = 0; attempt < 10; attempt++) {
      await expect(signInByPassword(test.store, wrong)).rejects.toThrow(
        'no account with this mail address and password',
      );
    }
    await expect(signInByPassword(test.store, { ...wrong, address: 'elsewhere' })).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
    });
    await expect(
      signInByPassword(test.store, { ...wrong, email: 'other@ward.example' }),
    ).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
    });
  });
});

describe('an identity of a provider', () => {
  const claim = { issuer: 'https://id.example', isEmailVerified: true, address: 'here' };

  it('is that of the account with its address, if the provider says so, and stays it', async () => {
    const { account } = await invite();
    const identity = { ...claim, subject: 's1', email: account.email! };
    await expect(signInByIdentity(test.store, { ...identity, isEmailVerified: false })).rejects.toThrow(
      'has no account here',
    );
    expect((await signInByIdentity(test.store, identity)).account.id).toBe(account.id);
    const renamed = { ...identity, email: 'another@ward.example' };
    expect((await signInByIdentity(test.store, renamed)).account.id).toBe(account.id);
    await expect(
      signInByIdentity(test.store, { ...renamed, issuer: 'https://evil.example' }),
    ).rejects.toThrow('has no account here');
  });
});

describe('a token', () => {
  it('is kept as a hash, has its scopes and end, and is worthless once revoked', async () => {
    const { account } = await invite();
    const wanted = { accountId: account.id, name: 'ci', scopes: ['READ'], projectId: null, days: 1 };
    const { token, secret } = await createToken(test.store, wanted);
    const credential = { kind: 'TOKEN' as const, secret };
    expect(await findPrincipal(test.store, credential)).toMatchObject({ kind: 'TOKEN', scopes: ['READ'] });
    expect(await findPrincipal(test.store, { kind: 'SESSION', secret })).toEqual({ kind: 'STRANGER' });
    const { usedAt } = await test.store.database.prisma.accessToken.findUniqueOrThrow({
      where: { id: token.id },
    });
    expect(usedAt).not.toBeNull();
    await expect(
      revokeToken(test.store, { accountId: crypto.randomUUID(), tokenId: token.id }),
    ).rejects.toThrow('You have no token');
    await revokeToken(test.store, { accountId: account.id, tokenId: token.id });
    expect(await findPrincipal(test.store, credential)).toEqual({ kind: 'STRANGER' });
  });

  it('that is out of date is worthless, and one without scope or end is not made', async () => {
    const { account } = await invite();
    const wanted = { accountId: account.id, name: 'ci', scopes: ['READ'], projectId: null, days: 1 };
    const { token, secret } = await createToken(test.store, wanted);
    await test.store.database.pool.query(
      `update access_token set expires_at = now() - interval '1 second' where id = $1`,
      [token.id],
    );
    expect(await findPrincipal(test.store, { kind: 'TOKEN', secret })).toEqual({ kind: 'STRANGER' });
    await expect(createToken(test.store, { ...wanted, scopes: [] })).rejects.toThrow('needs a scope');
    await expect(createToken(test.store, { ...wanted, scopes: ['ALL'] })).rejects.toThrow(
      `'ALL' is no scope`,
    );
    await expect(createToken(test.store, { ...wanted, days: 1000 })).rejects.toThrow(
      '1 to 366 days, not 1000',
    );
  });
});

describe('the database', () => {
  it('holds no secret that opens anything', async () => {
    const { account, secret: link } = await invite();
    const { secret: session } = await signInByLink(test.store, { secret: link, address: 'here' });
    const wanted = { accountId: account.id, name: 'ci', scopes: ['READ'], projectId: null, days: 1 };
    const { secret: token } = await createToken(test.store, wanted);
    await updateAccount(test.store, { accountId: account.id, password: PASSWORD, keptSession: '' });
    const text = await dump();
    for (const secret of [link, session, token, PASSWORD]) expect(text).not.toContain(secret);
    expect(text).toContain(hashSecret(token));
  });

  it('keeps what a project holds in it, and refuses a role, scope or hash that is none', async () => {
    const { pool } = test.store.database;
    const { account } = await invite();
    const member = (role: string) =>
      pool.query(`insert into project_member (project_id, account_id, role) select id, $1, $2 from project`, [
        account.id,
        role,
      ]);
    await expect(member('KING')).rejects.toThrow('project_member_role_check');
    await expect(
      pool.query(
        `insert into access_token (id, account_id, name, hash, hint, scopes, expires_at)
         values (gen_random_uuid(), $1, 'x', $2, 'x', $3, now())`,
        [account.id, 'f'.repeat(64), ['EVERYTHING']],
      ),
    ).rejects.toThrow('access_token_scopes_check');
    await expect(
      pool.query(
        `insert into access_token (id, account_id, name, hash, hint, scopes, expires_at)
         values (gen_random_uuid(), $1, 'x', 'mt_plain', 'x', '{READ}', now())`,
        [account.id],
      ),
    ).rejects.toThrow('access_token_hash_check');
  });
});
