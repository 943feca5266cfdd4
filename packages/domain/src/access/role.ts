/**
 * Who may do what: the one table of roles and acts. A role is held within a project, and each may do what the one before it
 * may; a token may do less than its account (`principal`).
 */

/** READ: see what a project holds. RECORD: import, split, launch, log, note. JUDGE: open TEST, promote, override, set a policy. MANAGE: members, deletion of data, the audit log. */
export const ACTS = ['READ', 'RECORD', 'JUDGE', 'MANAGE'] as const;
export type Act = (typeof ACTS)[number];

export const ROLES = ['VIEWER', 'RESEARCHER', 'REVIEWER', 'OWNER'] as const;
export type Role = (typeof ROLES)[number];

const ACTS_OF_ROLE: Record<Role, readonly Act[]> = {
  VIEWER: ['READ'],
  RESEARCHER: ['READ', 'RECORD'],
  REVIEWER: ['READ', 'RECORD', 'JUDGE'],
  OWNER: ['READ', 'RECORD', 'JUDGE', 'MANAGE'],
};

export function roleMay(role: Role, act: Act): boolean {
  return ACTS_OF_ROLE[role].includes(act);
}

/** The least role that may, for the sentence that refuses. */
export function leastRoleFor(act: Act): Role {
  return ROLES.find((role) => roleMay(role, act)) ?? 'OWNER';
}
