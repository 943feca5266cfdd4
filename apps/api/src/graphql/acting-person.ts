/** Acts carry the account: where a change takes the name of a person, it gets that of who is signed in, whatever was typed. */
import { isSignedIn, type Principal } from '@microtome/domain/access/principal';
import type { TextKind } from '@microtome/domain/text-rules';
import { type GraphQLField, type GraphQLInputType, getNullableType, isInputObjectType } from 'graphql';
import type { ApiContext } from './context.ts';
import { readTextKind } from './typed-text.ts';

const PERSONS: readonly string[] = ['personName', 'requester'] satisfies TextKind[];

type Named = { name: string; type: GraphQLInputType; extensions: Readonly<Record<string, unknown>> };
type Values = Record<string, unknown>;

/** The arguments as they are carried out. */
export function nameActingPerson(
  field: GraphQLField<unknown, ApiContext>,
  args: Values,
  principal: Principal,
): Values {
  return isSignedIn(principal) ? fillNames(field.args, args, principal.name) : args;
}

function fillNames(known: readonly Named[], values: Values, person: string): Values {
  const filled = { ...values };
  for (const { name, type, extensions } of known) {
    const kind = readTextKind(extensions);
    const nullable = getNullableType(type);
    if (kind && PERSONS.includes(kind)) filled[name] = person;
    else if (isInputObjectType(nullable) && filled[name]) {
      filled[name] = fillNames(Object.values(nullable.getFields()), filled[name] as Values, person);
    }
  }
  return filled;
}
