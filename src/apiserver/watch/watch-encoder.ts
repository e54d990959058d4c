import { apiVersionOf, type KubeObject, type ResourceDefinition } from "../../core/api/index.js";
import { partialMetadataOf } from "../../core/printers/index.js";
import type { StatusBody } from "../cluster-port.js";
import { asServed } from "../../simulation/index.js";
import { MAX_CACHED_ENCODINGS } from "../limits.js";
import type { Conversion } from "../negotiation/media-type.js";
import { asTable, type IncludeObject } from "../negotiation/table.js";
import type { WatchEvent, WatchEventType } from "./watch-event.js";

/** Objects as JSON text, once for all who watch them. The newest only: whoever lags behind encodes again. */
const encodings = new Map<KubeObject, string>();

/** Turns events into frames: a JSON object and a new line each. */
export class WatchEncoder {
  #isFirst = true;

  constructor(
    private readonly definition: ResourceDefinition,
    private readonly conversion: Conversion | null,
    private readonly includeObject: IncludeObject,
    private readonly nowMs: () => number,
  ) {}

  event({ type, object }: WatchEvent): string {
    const served = asServed(object, this.definition);
    if (this.conversion !== null) return frame(type, JSON.stringify(this.#convert(served)));
    // A converted object is a new one each time, so there is nothing to find it by.
    return frame(type, served === object ? encode(object) : JSON.stringify(served));
  }

  /** @param isInitialEnd marks the end of the initial events (API-8). */
  bookmark(sequence: number, isInitialEnd = false): string {
    const { kind } = this.definition;
    const metadata = {
      resourceVersion: String(sequence),
      creationTimestamp: null,
      ...(isInitialEnd ? { annotations: { "k8s.io/initial-events-end": "true" } } : {}),
    };
    const bookmark = { kind, apiVersion: apiVersionOf(this.definition), metadata };
    return frame("BOOKMARK", JSON.stringify(this.#convertBookmark(bookmark)));
  }

  error(status: StatusBody): string {
    return frame("ERROR", JSON.stringify(status));
  }

  #convert(object: KubeObject): unknown {
    const { conversion, definition, includeObject } = this;
    if (conversion?.kind !== "Table")
      return partialMetadataOf(object, `meta.k8s.io/${conversion?.version ?? "v1"}`);
    const withHeaders = this.#isFirst;
    this.#isFirst = false;
    const nowMs = this.nowMs();
    const { version } = conversion;
    return asTable(object, definition, { version, includeObject, nowMs, withHeaders });
  }

  /** A bookmark has nothing to print: as a Table it is a row without cells. */
  #convertBookmark(bookmark: { readonly metadata: object }): unknown {
    if (this.conversion === null) return bookmark;
    const apiVersion = `meta.k8s.io/${this.conversion.version}`;
    const partial = { kind: "PartialObjectMetadata", apiVersion, metadata: bookmark.metadata };
    if (this.conversion.kind !== "Table") return partial;
    return {
      kind: "Table",
      apiVersion,
      metadata: bookmark.metadata,
      columnDefinitions: null,
      rows: [{ cells: [], object: partial }],
    };
  }
}

function encode(object: KubeObject): string {
  const known = encodings.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(object);
  if (encodings.size >= MAX_CACHED_ENCODINGS) {
    const [oldest] = encodings.keys();
    if (oldest !== undefined) encodings.delete(oldest);
  }
  encodings.set(object, text);
  return text;
}

function frame(type: WatchEventType, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}
