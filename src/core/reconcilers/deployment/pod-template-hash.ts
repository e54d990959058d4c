import type { PodTemplateSpec } from "../../api/index.js";
import { printGo } from "./go-printer.js";

/** apimachinery pkg/util/rand/rand.go SafeEncodeString, 0.34: letters that spell no words. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The value of the label pod-template-hash, as Kubernetes 1.34 computes it: pkg/controller/controller_utils.go ComputeHash.
 * @param collisionCount how often another template had the same; absent where that was never so
 */
export const podTemplateHash = (
  template: PodTemplateSpec,
  collisionCount: number | undefined,
): string => {
  const text = printGo(template, "v1.PodTemplateSpec");
  const suffix = collisionCount === undefined ? [] : littleEndian(collisionCount);
  const sum = fnv32a([...utf8(text), ...suffix]);
  return String(sum).replace(/\d/g, (digit) =>
    ALPHABET.charAt(digit.charCodeAt(0) % ALPHABET.length),
  );
};

/** Eight bytes, of which Kubernetes writes four. */
const littleEndian = (count: number): number[] =>
  Array.from({ length: 8 }, (_, index) => (index < 4 ? (count >>> (8 * index)) & 0xff : 0));

const fnv32a = (bytes: readonly number[]): number => {
  let sum = FNV_OFFSET;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, FNV_PRIME) >>> 0;
  return sum;
};

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
