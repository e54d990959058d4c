import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { startService, temporaryFolder, type Service } from "./support/service.js";
import { StreamClient } from "./support/stream.js";

const ROUNDS = 20;
const CLIENTS = 8;

it(
  `loses nothing acknowledged over ${ROUNDS} kills in the middle of creates`,
  { timeout: 300_000 },
  async () => {
    const database = join(temporaryFolder(), "peapod.sqlite");
    const acknowledged = new Set<string>();
    let highestVersion = 0;
    let highestCursor = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const service = await startService({ PEAPOD_DATABASE: database });
      const list = await listConfigMaps(service);
      expect(list.version).toBeGreaterThanOrEqual(highestVersion);
      expect([...acknowledged].filter((name) => !list.names.has(name))).toEqual([]);
      const stream = await StreamClient.open(service, {
        types: ["transition", "probe", "pod", "event"],
        from: "now",
      });
      let isAlive = true;
      const load = Promise.all(
        Array.from({ length: CLIENTS }, async (_, client) => {
          for (let i = 0; isAlive; i += 1) {
            const name = `load-${round}-${client}-${i}`;
            const version = await create(service, name);
            if (version === null) break;
            acknowledged.add(name);
            highestVersion = Math.max(highestVersion, version);
          }
        }),
      );
      await delay(150 + 37 * round);
      await service.stop("SIGKILL");
      isAlive = false;
      await load;
      const cursors = stream.records.map(({ cursor }) => cursor);
      for (const cursor of cursors) {
        expect(cursor).toBeGreaterThan(highestCursor);
        highestCursor = cursor;
      }
      stream.close();
    }
    expect(acknowledged.size).toBeGreaterThan(ROUNDS * CLIENTS);
  },
);

/** A pod and a ConfigMap in turn: one moves the kubelets, the other only the store. */
const create = async (service: Service, name: string): Promise<number | null> => {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { containers: [{ name: "c", image: "registry.k8s.io/pause:3.9" }] },
  };
  const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { name } };
  try {
    await post(service, "pods", pod);
    return await post(service, "configmaps", configMap);
  } catch {
    return null;
  }
};

const post = async (service: Service, resource: string, body: unknown): Promise<number> => {
  const answer = await fetch(`${service.url}/api/v1/namespaces/default/${resource}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
  const { metadata } = (await answer.json()) as { metadata: { resourceVersion: string } };
  return Number(metadata.resourceVersion);
};

const listConfigMaps = async (
  service: Service,
): Promise<{ version: number; names: Set<string> }> => {
  const answer = await fetch(`${service.url}/api/v1/namespaces/default/configmaps`);
  const list = (await answer.json()) as {
    metadata: { resourceVersion: string };
    items: { metadata: { name: string } }[];
  };
  return {
    version: Number(list.metadata.resourceVersion),
    names: new Set(list.items.map(({ metadata }) => metadata.name)),
  };
};
