/** The table of roles, what a token takes away, and who sees all projects. */
import {
  describeRights,
  listProjectsFor,
  mayAdminister,
  mayAnywhere,
  mayIn,
  refuseAct,
  type SignedIn,
} from '@microtome/domain/access/principal';
import { ACTS, leastRoleFor, ROLES, roleMay } from '@microtome/domain/access/role';
import { describe, expect, it } from 'vitest';

const person: SignedIn = {
  kind: 'SESSION',
  credentialId: 'x',
  accountId: 'a',
  name: 'Ada',
  isOwner: false,
  grants: [
    { projectId: 'p', role: 'RESEARCHER' },
    { projectId: 'q', role: 'VIEWER' },
  ],
  scopes: null,
  onlyProjectId: null,
};

describe('roles', () => {
  it('each may what the one before it may, and one act more', () => {
    expect(ROLES.map((role) => ACTS.filter((act) => roleMay(role, act)))).toEqual([
      ['READ'],
      ['READ', 'RECORD'],
      ['READ', 'RECORD', 'JUDGE'],
      ['READ', 'RECORD', 'JUDGE', 'MANAGE'],
    ]);
    expect(ACTS.map(leastRoleFor)).toEqual(ROLES);
  });
});

describe('a principal', () => {
  it('may in each project what its role there may', () => {
    expect(mayIn(person, 'RECORD', 'p')).toBe(true);
    expect(mayIn(person, 'RECORD', 'q')).toBe(false);
    expect(mayIn(person, 'READ', 'r')).toBe(false);
    expect(listProjectsFor(person, 'READ')).toEqual(['p', 'q']);
    expect(listProjectsFor(person, 'RECORD')).toEqual(['p']);
    expect(mayAnywhere(person, 'JUDGE')).toBe(false);
  });

  it('by token may no more than its scopes, in no more than its project', () => {
    const token: SignedIn = { ...person, kind: 'TOKEN', scopes: ['READ'], onlyProjectId: 'p' };
    expect(mayIn(token, 'READ', 'p')).toBe(true);
    expect(mayIn(token, 'RECORD', 'p')).toBe(false);
    expect(mayIn(token, 'READ', 'q')).toBe(false);
    expect(refuseAct(token, 'RECORD').message).toBe('This token lacks the scope RECORD.');
    const owners: SignedIn = { ...token, isOwner: true };
    expect(listProjectsFor(owners, 'READ')).toEqual(['p']);
    expect(mayAdminister(owners)).toBe(false);
  });

  it('that owns the server may everything everywhere, and alone administers', () => {
    const owner: SignedIn = { ...person, isOwner: true, grants: [] };
    expect(listProjectsFor(owner, 'MANAGE')).toBeNull();
    expect(mayIn(owner, 'MANAGE', 'anything')).toBe(true);
    expect(mayAdminister(owner)).toBe(true);
    expect(mayAdminister(person)).toBe(false);
  });

  it('that is nobody may nothing; without accounts, everything', () => {
    expect(mayAnywhere({ kind: 'STRANGER' }, 'READ')).toBe(false);
    expect(mayIn({ kind: 'STRANGER' }, 'READ', 'p')).toBe(false);
    expect(mayIn({ kind: 'LOCAL' }, 'MANAGE', 'p')).toBe(true);
    expect(refuseAct({ kind: 'STRANGER' }, 'READ').code).toBe('UNAUTHENTICATED');
  });

  it('has the key of those alone who may the same', () => {
    const sameRights = { ...person, accountId: 'b', name: 'Bea', grants: [...person.grants].reverse() };
    expect(describeRights(sameRights)).toBe(describeRights(person));
    expect(describeRights({ ...person, grants: [{ projectId: 'p', role: 'OWNER' }] })).not.toBe(
      describeRights(person),
    );
    expect(describeRights({ ...person, kind: 'TOKEN', scopes: ['READ'] })).not.toBe(describeRights(person));
  });
});
