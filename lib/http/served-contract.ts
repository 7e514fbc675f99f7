import type { Contract } from '../contracts/contract';
import { ContractForms } from '../contracts/generated/contract-forms';
import { idParameter, type Route } from '../contracts/operations';
import type { Wrapper } from '../contracts/requests/wrappers';

/** A contract with what serving it takes. */
export class ServedContract {
  readonly forms: ContractForms;

  constructor(readonly contract: Contract) {
    this.forms = new ContractForms(contract);
  }

  /** The parameter of a route's path that names the subscription. */
  idParameter({ path }: Pick<Route, 'path'>): string {
    return idParameter(path) ?? 'id';
  }

  /** What stands around the fields of a route's requests and answers. */
  wrapperOf({ wrapper }: Pick<Route, 'wrapper'>): Wrapper {
    return wrapper ?? this.contract.description.wrapper;
  }

  /** The methods of each path behind that of the contract. */
  methodsByPath(): ReadonlyMap<string, readonly string[]> {
    const methods = new Map<string, string[]>();
    for (const { path, method } of this.contract.routes) methods.set(path, [...(methods.get(path) ?? []), method]);
    return methods;
  }
}
