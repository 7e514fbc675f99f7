import type { Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

/** A provider of an optional package, where the host has both the package and its module. */
export function optionalProvider<Provider>(
  moduleRef: ModuleRef,
  packageName: string,
  className: string,
): Provider | undefined {
  const token = exportOf(packageName, className);
  if (token === undefined) return undefined;
  try {
    return moduleRef.get<Provider>(token, { strict: false });
  } catch {
    return undefined;
  }
}

function exportOf(packageName: string, className: string): Type | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it may be missing, which an import cannot express
    return (require(packageName) as Record<string, Type | undefined>)[className];
  } catch {
    return undefined;
  }
}
