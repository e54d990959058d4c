/** Name servers of one resolv.conf, as many as libc reads: pkg/apis/core/validation/validation.go, 1.34, MaxDNSNameservers. */
export const DNS_NAME_SERVERS = 3;
/** Search domains: MaxDNSSearchPaths, ibid. */
export const DNS_SEARCH_DOMAINS = 32;
/** Characters of the search line: MaxDNSSearchListChars, ibid. */
export const DNS_SEARCH_CHARACTERS = 2048;
/** Characters of one search domain; longer ones make glibc abort: apimachinery, DNS1123SubdomainMaxLength. */
export const DNS_SEARCH_DOMAIN_CHARACTERS = 253;
