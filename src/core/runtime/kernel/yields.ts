/** What a blocked process yields: nothing but that it is blocked. */
export const BLOCKED = "blocked";
/** Yielded by exec: the process goes on with another program. */
export const REPLACED = "replaced";
