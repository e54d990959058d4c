import { createHash } from "node:crypto";
import { Inject, Injectable } from "@nestjs/common";
import { API_GROUPS, type ApiGroup } from "../discovery/api-groups.js";
import type { JsonSchema } from "./definitions.js";
import { openApiV2 } from "./document-v2.js";
import { openApiV3Builders } from "./document-v3.js";
import { openApiV2Protobuf } from "./protobuf-v2.js";

/** A document ready to be sent. */
export interface PublishedDocument {
  readonly json: string;
  /** Without quotes. */
  readonly etag: string;
}

/** Makes each document once, when it is first asked for: a start must not wait for them. */
@Injectable()
export class OpenApiService {
  readonly #builders: Map<string, () => JsonSchema>;
  readonly #documents = new Map<string, PublishedDocument>();
  #version2: PublishedDocument | null = null;
  #version2Protobuf: Buffer | null = null;

  constructor(@Inject(API_GROUPS) private readonly groups: readonly ApiGroup[]) {
    this.#builders = new Map(openApiV3Builders(groups));
  }

  /** Adds a document to `/openapi/v3`: that of an API which is not Kubernetes'. */
  register(path: string, build: () => JsonSchema): void {
    this.#builders.set(path, build);
    this.#documents.delete(path);
  }

  version2(): PublishedDocument {
    this.#version2 ??= publish(openApiV2(this.groups));
    return this.#version2;
  }

  version2Protobuf(): Buffer {
    this.#version2Protobuf ??= openApiV2Protobuf(openApiV2(this.groups));
    return this.#version2Protobuf;
  }

  /** The list of the documents, each with its hash. kube-openapi/pkg/handler3/handler.go, 1.34. */
  version3Index(): PublishedDocument {
    const paths = [...this.#builders.keys()].sort().map((path): [string, unknown] => {
      const url = this.version3Url(path);
      return [path, { serverRelativeURL: url }];
    });
    return publish({ paths: Object.fromEntries(paths) });
  }

  version3Url(path: string): string {
    return `/openapi/v3/${path}?hash=${this.version3(path)?.etag ?? ""}`;
  }

  /** @param path `api/v1`, `apis/apps/v1`. */
  version3(path: string): PublishedDocument | null {
    const known = this.#documents.get(path);
    if (known !== undefined) return known;
    const build = this.#builders.get(path);
    if (build === undefined) return null;
    const document = publish(build());
    this.#documents.set(path, document);
    return document;
  }
}

function publish(document: unknown): PublishedDocument {
  const json = JSON.stringify(document);
  const etag = createHash("sha512").update(json).digest("hex").toUpperCase();
  return { json, etag };
}
