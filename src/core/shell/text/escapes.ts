import { toByteString } from "../bytes.js";

export interface Decoded {
  readonly text: string;
  /** `\c`: nothing more is printed. */
  readonly stops: boolean;
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** `echo -e` and `printf %b`: octal with a leading zero (`\0101`), `\xHH`, `\c`. dash knows no `\x`. */
export function decodeEchoEscapes(text: string, isPlain = false): Decoded {
  if (!isPlain) return decode(text, /^0?[0-7]{1,3}/, "0");
  return decode(
    text.replace(/\\(\\|[xuU])/g, (pair) => (pair === "\\\\" ? pair : `\\\\${pair.charAt(1)}`)),
    /^0?[0-7]{1,3}/,
    "0",
  );
}

/** The format of `printf`: octal without the zero (`\101`). */
export function decodeFormatEscapes(text: string): Decoded {
  return decode(text, /^[0-7]{1,3}/, "");
}

function decode(text: string, octal: RegExp, zero: string): Decoded {
  let result = "";
  for (let index = 0; index < text.length;) {
    const character = text.charAt(index);
    if (character !== "\\" || index === text.length - 1) {
      result += character;
      index += 1;
      continue;
    }
    const letter = text.charAt(index + 1);
    if (letter === "c") return { text: result, stops: true };
    const piece = decodeOne(text.slice(index + 1, index + 12), octal, zero);
    result += piece?.text ?? `\\${letter}`;
    index += 1 + (piece?.length ?? 1);
  }
  return { text: result, stops: false };
}

function decodeOne(
  rest: string,
  octal: RegExp,
  zero: string,
): { text: string; length: number } | null {
  const letter = rest.charAt(0);
  const simple = SIMPLE[letter];
  if (simple !== undefined) return { text: simple, length: 1 };
  const digits = octal.exec(rest)?.[0];
  if (digits !== undefined && (zero === "" || digits.startsWith(zero) || digits.length <= 3)) {
    return { text: String.fromCharCode(parseInt(digits, 8) & 255), length: digits.length };
  }
  const hexadecimal = /^x([0-9a-fA-F]{1,2})/.exec(rest);
  if (hexadecimal?.[1] !== undefined) {
    return {
      text: String.fromCharCode(parseInt(hexadecimal[1], 16)),
      length: hexadecimal[0].length,
    };
  }
  const unicode = /^(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
  if (unicode === null) return null;
  const code = parseInt(unicode[1] ?? unicode[2] ?? "0", 16);
  if (code > 0x10ffff) return null;
  return { text: toByteString(String.fromCodePoint(code)), length: unicode[0].length };
}
