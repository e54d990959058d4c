import type { Service } from "../api/index.js";
import type { Client, Watch } from "../client/index.js";

/** The services of the cluster as this kubelet knows them, for the variables of containers that start (NS-6). */
export class ServiceLister {
  readonly #services = new Map<string, Service>();
  #watch: Watch | null = null;

  start(client: Client): void {
    this.#watch = client.watch<Service>("services", {}, ({ type, object }) => {
      const { uid } = object.metadata;
      if (type === "DELETED") this.#services.delete(uid);
      else this.#services.set(uid, object);
    });
  }

  stop(): void {
    this.#watch?.stop();
  }

  list(): readonly Service[] {
    return [...this.#services.values()];
  }
}
