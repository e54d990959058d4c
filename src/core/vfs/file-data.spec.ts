import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { Extents } from "./extents.js";
import { FileData, ZEROS } from "./file-data.js";
import { BLOCK_BYTES, CHUNK_BYTES, EXTENTS_PER_FILE } from "./limits.js";
import { Quota } from "./quota.js";

const quota = (limitBytes = Infinity, limitHeld = Infinity): Quota =>
  new Quota(limitBytes, Infinity, limitHeld);

describe("FileData", () => {
  it("reads back what any sequence of writes and truncations leaves", () => {
    const step = fc.oneof(
      fc.record({
        offset: fc.nat(3 * CHUNK_BYTES),
        length: fc.nat(2 * CHUNK_BYTES),
        fill: fc.constantFrom(0, 1, 2),
      }),
      fc.record({ truncateTo: fc.nat(3 * CHUNK_BYTES) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const file = new FileData(quota());
        const model = new Uint8Array(6 * CHUNK_BYTES);
        let size = 0;
        for (const action of steps) {
          if ("truncateTo" in action) {
            file.truncate(action.truncateTo);
            model.fill(0, action.truncateTo);
            size = action.truncateTo;
          } else if (action.length > 0) {
            file.write(action.offset, new Uint8Array(action.length).fill(action.fill));
            model.fill(action.fill, action.offset, action.offset + action.length);
            size = Math.max(size, action.offset + action.length);
          }
        }
        expect(file.sizeBytes).toBe(size);
        const content = file.read(0, size);
        expect(content.findIndex((byte, at) => byte !== model[at])).toBe(-1);
        expect(content).toHaveLength(size);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it.each([
    ["read", (file: FileData) => file.read(0, 10), 2, 4096],
    ["asked for its size", (file: FileData) => file.sizeBytes, 2, 4096],
    ["written to", (file: FileData) => file.write(2, new Uint8Array(1)), 3, 4096],
    ["copied", (file: FileData) => file.cloneInto(quota()), 2, 4096],
    ["discarded", (file: FileData) => file.discard(), 0, 0],
  ])("content that comes later is there when it is %s", (_title, look, sizeBytes, usedBytes) => {
    const limit = quota();
    const file = new FileData(limit);
    let made = 0;
    file.writeLater(() => {
      made += 1;
      return new TextEncoder().encode("ab");
    });
    expect([made, limit.usedBytes]).toEqual([0, 4096]);
    look(file);
    expect([file.sizeBytes, limit.usedBytes]).toEqual([sizeBytes, usedBytes]);
    expect(made).toBe(sizeBytes === 0 ? 0 : 1);
  });

  it("10 GB of zeros take disk and no memory", () => {
    const limit = quota();
    const file = new FileData(limit);
    for (let i = 0; i < 10 * 1024; i += 1) file.write(i * ZEROS.length, ZEROS);
    expect(limit.usedBytes).toBe(10 * 2 ** 30);
    expect(limit.heldBytes).toBe(0);
    expect(file.sizeBytes).toBe(10 * 2 ** 30);
  });

  it.each([["y\n"], ["spam\n"]])("endless %j takes disk and a few chunks", (line) => {
    const limit = quota();
    const file = new FileData(limit);
    const text = new TextEncoder().encode(line.repeat(4000));
    for (let i = 0; i < 4000; i += 1) file.write(i * text.length, text);
    expect(limit.usedBytes).toBeGreaterThanOrEqual(4000 * text.length);
    expect(limit.heldBytes).toBeLessThan(20 * CHUNK_BYTES);
    expect(new TextDecoder().decode(file.read(3999 * text.length, 10))).toBe(
      line.repeat(5).slice(0, 10),
    );
  });

  it("what cannot be compressed stops at the bound of held memory", () => {
    const limit = quota(Infinity, 4 * CHUNK_BYTES);
    const file = new FileData(limit);
    let value = 1;
    const noise = Uint8Array.from({ length: CHUNK_BYTES }, () => {
      value = (value * 48271) % 2147483647;
      return value;
    });
    for (let i = 0; i < 4; i += 1)
      file.write(
        i * CHUNK_BYTES,
        noise.map((byte) => byte ^ i),
      );
    expect(() => {
      file.write(
        4 * CHUNK_BYTES,
        noise.map((byte) => byte ^ 7),
      );
    }).toThrow("ENOSPC");
    file.truncate(0);
    expect(limit.heldBytes).toBe(0);
  });

  it("a clone changes without its original, and costs nothing until then", () => {
    const original = new FileData(quota());
    original.write(0, new Uint8Array(100).fill(1));
    const limit = quota();
    const clone = original.cloneInto(limit);
    expect(limit.heldBytes).toBe(0);
    clone.write(50, new Uint8Array(1).fill(2));
    expect(original.read(50, 1)[0]).toBe(1);
    expect(clone.read(50, 1)[0]).toBe(2);
    expect(clone.read(49, 1)[0]).toBe(1);
  });
});

describe("Extents", () => {
  it("counts allocated blocks as a set of blocks would", () => {
    const range = fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 40 }), fc.nat(200), (ranges, cut) => {
        const extents = new Extents();
        const blocks = new Set<number>();
        for (const [start, length] of ranges) {
          const from = start * BLOCK_BYTES + 1;
          const to = from + length * BLOCK_BYTES;
          let expected = 0;
          for (let block = start; block <= start + length; block += 1) {
            if (!blocks.has(block)) expected += BLOCK_BYTES;
            blocks.add(block);
          }
          expect(extents.missing(from, to)).toBe(expected);
          extents.add(from, to);
          expect(extents.bytes).toBe(blocks.size * BLOCK_BYTES);
        }
        extents.truncate(cut * BLOCK_BYTES);
        const left = [...blocks].filter((block) => block < cut).length;
        expect(extents.bytes).toBe(left * BLOCK_BYTES);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it("remembers a bounded number of ranges", () => {
    const extents = new Extents();
    for (let i = 0; i < EXTENTS_PER_FILE + 10; i += 1)
      extents.add(i * 3 * BLOCK_BYTES, i * 3 * BLOCK_BYTES + 1);
    expect(extents.bytes).toBe((EXTENTS_PER_FILE + 10 + 20) * BLOCK_BYTES);
  });
});
