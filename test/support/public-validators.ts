import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { schemas } from '@asyncapi/specs';
import Ajv from 'ajv-8';
import Ajv2020 from 'ajv-8/dist/2020';
import addFormats from 'ajv-formats';

// An ES module, which Jest's own module loader does not load.
const OPENAPI = `
  import { Validator } from '@seriousme/openapi-schema-validator';
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(text));
  console.log(JSON.stringify({ valid, version: validator.version, errors }));
`;

/** What the schema of the OpenAPI Initiative says of a document. */
export async function validateOpenApi(
  document: object,
): Promise<{ readonly valid: boolean; readonly version: string }> {
  // Beside this process: a server in it would miss that its connections are idle.
  const validator = spawn(process.execPath, ['--input-type=module', '--eval', OPENAPI], {
    cwd: __dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  validator.stdin.end(JSON.stringify(document));
  return JSON.parse(await text(validator.stdout)) as { valid: boolean; version: string };
}

/** What AsyncAPI's own schema finds wrong with a document. */
export function asyncApiErrors(document: object): unknown {
  // It brings the schema of schemas along, and formats of its own.
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, meta: false, validateSchema: false });
  const validate = ajv.compile(schemas['3.0.0'] as object);
  return validate(JSON.parse(JSON.stringify(document))) ? [] : validate.errors;
}

/** What is wrong with a value by a schema of a document, formats included. */
export function schemaErrors(document: object, pointer: string, value: unknown): unknown {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ ...(JSON.parse(JSON.stringify(document)) as object), $id: 'https://example.com/document' });
  const validate = ajv.getSchema(`https://example.com/document${pointer}`)!;
  return validate(value) ? [] : validate.errors;
}
