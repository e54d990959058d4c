/** Directories of PATH that are looked at; Linux has no bound, and nobody has so many. */
const MAX_DIRECTORIES = 4096;

/** Where PATH leads to a name, each directory once. */
export function* pathCandidates(name: string, path: string): Generator<string, undefined> {
  for (const directory of pathDirectories(path)) {
    yield directory === "" ? `./${name}` : `${directory}/${name}`;
  }
  return undefined;
}

/** The directories of PATH or CDPATH, each once; an empty one is the working directory. */
export function* pathDirectories(path: string): Generator<string, undefined> {
  const seen = new Set<string>();
  for (let start = 0; start <= path.length && seen.size < MAX_DIRECTORIES;) {
    const colon = path.indexOf(":", start);
    const end = colon < 0 ? path.length : colon;
    const directory = path.slice(start, end);
    start = end + 1;
    if (seen.has(directory)) continue;
    seen.add(directory);
    yield directory;
  }
  return undefined;
}
