import { CriError } from "./cri.js";

export interface CatalogImage {
  readonly name: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly sizeBytes: number;
  readonly user: number | string;
  readonly port: number | null;
  readonly stopSignal: string;
}

export interface ReferenceParts {
  readonly domain: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** A reference with Docker's defaults filled in. */
export const familiarParts = (reference: string): ReferenceParts => {
  const [name = "", digest = ""] = reference.split("@");
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const hasDomain = first.includes(".") || first.includes(":") || first === "localhost";
  const domain = hasDomain ? first : "docker.io";
  let rest = hasDomain ? name.slice(slash + 1) : name;
  const colon = rest.lastIndexOf(":");
  const tag = colon < 0 ? "latest" : rest.slice(colon + 1);
  if (colon >= 0) rest = rest.slice(0, colon);
  if (!/^[a-z0-9._/-]+$/.test(rest) || !/^[\w][\w.-]{0,127}$/.test(tag))
    throw new CriError(
      "InvalidImageName",
      `couldn't parse image name "${reference}": invalid reference format`,
    );
  const repository = domain === "docker.io" && !rest.includes("/") ? `library/${rest}` : rest;
  return { domain, repository, tag, digest };
};

const image = (name: string, more: Partial<CatalogImage>): CatalogImage => ({
  name,
  entrypoint: [],
  cmd: [],
  sizeBytes: 30_000_000,
  user: 0,
  port: null,
  stopSignal: "TERM",
  ...more,
});

const IMAGES: readonly CatalogImage[] = [
  image("pause", { entrypoint: ["/pause"], sizeBytes: 320_448, user: 65535 }),
  image("busybox", { cmd: ["sh"], sizeBytes: 2_223_685 }),
  image("nginx", {
    entrypoint: ["/docker-entrypoint.sh"],
    cmd: ["nginx", "-g", "daemon off;"],
    sizeBytes: 59_777_000,
    port: 80,
    stopSignal: "QUIT",
  }),
];

export const findImage = (repository: string): CatalogImage => {
  const name = repository.slice(repository.lastIndexOf("/") + 1);
  return (
    IMAGES.find((candidate) => candidate.name === name) ??
    image(name, { cmd: ["/run-until-stopped"] })
  );
};

/** 64 hexadecimal digits that follow from the text alone. */
export const digestOf = (text: string): string => {
  let digest = "";
  for (let part = 0; part < 8; part += 1) {
    let hash = 0x811c9dc5 ^ Math.imul(part + 1, 0x9e3779b9);
    for (let i = 0; i < text.length; i += 1)
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    digest += ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, "0");
  }
  return digest;
};
