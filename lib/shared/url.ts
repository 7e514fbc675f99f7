/**
 * The URL that a text is, or undefined where it is none.
 * Not `URL.canParse`: once it is hot, Node 20 takes every URL with a letter such as "ü" for none.
 */
export function urlFrom(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
