import { describe, expect, it } from "vitest";
import type { JournalEntry } from "../../src/core/store/index.js";
import type { HistoryFilter, Journal } from "../../src/persistence/index.js";
import {
  aLogLine,
  anObject,
  aProbe,
  aRevision,
  aTransition,
} from "../../src/persistence/testing/entries.js";

const batchOf = (entries: readonly JournalEntry[], timeMs = 2000) => ({
  entries,
  lastSequence: entries.at(-1)?.sequence ?? 0,
  timeMs,
});

const first = anObject("Pod", "web", 1, { labels: { app: "web" } });
const second = anObject("Pod", "web", 3, { labels: { app: "web", tier: "äöü€😀" } });
const event = anObject("Event", "web.17", 4, { involvedObject: { kind: "Pod", name: "web" } });
const config = anObject("ConfigMap", "settings", 6, {
  data: { "a.b": 'quotes " and \\ and \u0000' },
});
const gone = anObject("Pod", "web", 8, { labels: { app: "web" } });

const STORY: readonly JournalEntry[] = [
  aRevision("ADDED", first),
  aTransition(2, "web"),
  aRevision("MODIFIED", second, first),
  aRevision("ADDED", event),
  aProbe(5, "web"),
  aRevision("ADDED", config),
  aLogLine(7, "web", "hello"),
  aRevision("DELETED", gone, second),
];

const ALL: HistoryFilter = {
  resources: ["pods", "events", "configmaps"],
  records: ["transition", "probe", "log"],
};

/** What every journal does. @param open gives an empty one. */
export const describeJournal = (name: string, open: () => Promise<Journal>): void => {
  const opened = async (): Promise<Journal> => {
    const journal = await open();
    await journal.begin({ seed: 7, epochMs: 500 });
    return journal;
  };
  const told = async (): Promise<Journal> => {
    const journal = await opened();
    await journal.append(batchOf(STORY));
    await journal.load();
    return journal;
  };

  describe(`journal contract: ${name}`, () => {
    it("is empty before it begins", async () => {
      expect(await (await open()).meta()).toBeNull();
    });

    it("keeps the seed and the epoch, and takes another seed", async () => {
      const journal = await opened();
      expect(await journal.meta()).toEqual({ seed: 7, epochMs: 500 });
      await journal.begin({ seed: 8, epochMs: 999 });
      expect(await journal.meta()).toEqual({ seed: 8, epochMs: 500 });
    });

    it("gives back the objects that exist, byte for byte", async () => {
      const journal = await told();
      expect(await journal.load()).toEqual({
        objects: [event, config],
        lastSequence: 8,
        timeMs: 2000,
        oldestSequence: 1,
      });
    });

    it("keeps an object that is deleted and made again within one batch", async () => {
      const journal = await opened();
      const again = anObject("Pod", "web", 3, { uid: "another" });
      await journal.append(
        batchOf([
          aRevision("ADDED", first),
          aRevision("DELETED", anObject("Pod", "web", 2), first),
          aRevision("ADDED", again),
        ]),
      );
      expect((await journal.load()).objects).toEqual([again]);
    });

    it("keeps the clock and the last sequence of a batch without rows", async () => {
      const journal = await told();
      await journal.append({ entries: [aLogLine(9, "web", "x")], lastSequence: 9, timeMs: 9000 });
      await journal.append({ entries: [], lastSequence: 9, timeMs: 9500 });
      expect(await journal.load()).toMatchObject({ lastSequence: 9, timeMs: 9500 });
    });

    it("tells the history in order, with previous states and without log lines", async () => {
      const journal = await told();
      const page = await journal.history(0, ALL, 100);
      expect(page.entries).toEqual(STORY.filter(({ sequence }) => sequence !== 7));
      expect(page.position).toBe(8);
    });

    it.each<[string, HistoryFilter, number[]]>([
      ["pods", { resources: ["pods"], records: null }, [1, 3, 8]],
      ["records", { resources: null, records: ["probe", "transition"] }, [2, 5]],
      ["one name", { resources: ["pods", "configmaps"], records: null, name: "settings" }, [6]],
      ["one pod", { ...ALL, namespace: "default", pod: "web" }, [1, 2, 3, 4, 5, 8]],
      ["another pod", { ...ALL, namespace: "default", pod: "other" }, []],
      ["another namespace", { ...ALL, namespace: "kube-system" }, []],
      ["nothing", { resources: null, records: null }, []],
      ["log lines", { resources: null, records: ["log"] }, []],
    ])("filters the history by %s", async (_, filter, expected) => {
      const journal = await told();
      const page = await journal.history(0, filter, 100);
      expect(page.entries.map(({ sequence }) => sequence)).toEqual(expected);
      expect(page.position).toBe(8);
    });

    it("goes on where a full page ended", async () => {
      const journal = await told();
      const seen: number[] = [];
      for (let position = 0; position < 8;) {
        const page = await journal.history(position, ALL, 2);
        seen.push(...page.entries.map(({ sequence }) => sequence));
        position = page.position;
      }
      expect(seen).toEqual([1, 2, 3, 4, 5, 6, 8]);
    });

    it.each([
      [0, { app: "web" }],
      [1, { app: "web" }],
      [2, { app: "web" }],
      [3, { app: "web", tier: "äöü€😀" }],
      [7, { app: "web", tier: "äöü€😀" }],
    ])("knows the labels that a pod had at %i", async (sequence, labels) => {
      const journal = await told();
      const pod = { namespace: "default", pod: "web", uid: "uid-web", sequence };
      expect(await journal.podLabels(pod)).toEqual(labels);
      expect(await journal.podLabels({ ...pod, uid: "other" })).toBeNull();
    });
  });
};
