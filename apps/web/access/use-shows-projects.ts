'use client';
/** Whether lists say of which project each row is: names are unique within a project alone, so where one sees several it matters. */
import { useQuery } from '@apollo/client/react';
import { ProjectNamesDocument } from '../graphql/generated/graphql.ts';

export function useShowsProjects(): boolean {
  const { data } = useQuery(ProjectNamesDocument);
  return (data?.projects.length ?? 0) > 1;
}
