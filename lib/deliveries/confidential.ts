import type { Answer } from '../transport/transport';

const HIDDEN = '[secret]';

/** What is shorter is a word that may be anywhere. */
const SHORTEST = 8;

/** The texts of a request that nobody may see, when its headers of the signature have the secret itself in them. */
export function confidentialIn(signature: Readonly<Record<string, string>>, secrets: readonly string[]): string[] {
  const texts = [...Object.values(signature).flatMap(partsOf), ...secrets.flatMap(passwordIn)];
  const forms = texts.filter((text) => text.length >= SHORTEST).flatMap(formsOf);
  // The longest first: what is part of it must not leave the rest of it behind.
  return [...new Set(forms)].sort((one, other) => other.length - one.length);
}

/** The answer without what was confidential in the request: some endpoints send back all that they get. */
export function withoutConfidential(answer: Answer, confidential: readonly string[]): Answer {
  if (answer.kind === 'failure' || confidential.length === 0) return answer;
  const body = confidential.reduce((text, each) => text.replaceAll(each, HIDDEN), answer.body);
  return { ...answer, body: answer.truncated ? withoutBeginning(body, confidential) : body };
}

/** `Bearer abcdefgh` is confidential, and so is `abcdefgh`; of Basic credentials what they stand for as well. */
function partsOf(value: string): string[] {
  const [scheme = '', ...words] = value.split(' ');
  const decoded = /^basic$/i.test(scheme) ? words.map((word) => Buffer.from(word, 'base64').toString()) : [];
  return [value, ...words, ...decoded.flatMap(passwordIn)];
}

/** The whole of it, and the half that is confidential where it is `user:password`. */
function passwordIn(secret: string): string[] {
  return [secret, secret.slice(secret.indexOf(':') + 1)];
}

/** As it is, and as it stands in JSON, in that of PHP, and in a URL. */
function formsOf(text: string): string[] {
  const inJson = JSON.stringify(text).slice(1, -1);
  return [text, inJson, inJson.replaceAll('/', '\\/'), encodeURIComponent(text)];
}

/** The limit of what is kept may cut through a secret, which then is as good as whole. */
function withoutBeginning(text: string, confidential: readonly string[]): string {
  for (const each of confidential) {
    for (let length = each.length - 1; length >= SHORTEST; length--) {
      if (text.endsWith(each.slice(0, length))) return text.slice(0, -length) + HIDDEN;
    }
  }
  return text;
}
