/** Whether a host is this machine, by its exact name: `localhost.example` and `127.0.0.1.example` are somebody else's. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
