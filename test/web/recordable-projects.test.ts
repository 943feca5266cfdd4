/** Which projects a form offers for what is made. */
import { expect, it } from 'vitest';
import { listRecordable } from '../../apps/web/access/list-recordable.ts';

const lung = { __typename: 'Project' as const, id: '1', name: 'lung' };
const skin = { __typename: 'Project' as const, id: '2', name: 'skin' };
const bone = { __typename: 'Project' as const, id: '3', name: 'bone' };
const holds = (role: 'VIEWER' | 'RESEARCHER' | 'OWNER', project: typeof lung | null) => ({
  __typename: 'MyRole' as const,
  role,
  project,
});

it('are those where one is more than a viewer, and all of them for an owner of the server', () => {
  const roles = [
    holds('VIEWER', lung),
    holds('RESEARCHER', skin),
    holds('OWNER', bone),
    holds('OWNER', null),
  ];
  const projects = [bone, lung, skin];
  expect(listRecordable({ account: { isOwner: false }, roles }, projects)).toEqual([bone, skin]);
  expect(listRecordable({ account: { isOwner: true }, roles: [] }, projects)).toEqual(projects);
  expect(listRecordable({ account: { isOwner: false }, roles: [] }, projects)).toEqual([]);
});
