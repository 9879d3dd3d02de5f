// How long single answers take, in percentiles: for what a person waits for.
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** Sends the requests over `connections`, the first `warmup` of them unmeasured; throws at an answer that is not right. */
export async function latencies(url, requests, { connections, warmup, verify }) {
  const times = [];
  let next = 0;
  const walk = async () => {
    for (let i = next++; i < requests.length; i = next++) {
      const { method, path, headers, body } = requests[i];
      const start = performance.now();
      const response = await fetch(url + path, { method, headers, body });
      const text = await response.text();
      const took = performance.now() - start;
      if (!response.ok || !verify(text)) throw new Error(`${method} ${path} ${body ?? ''}: ${response.status} ${text.slice(0, 500)}`);
      if (i >= warmup) times.push({ took, what: body ?? path });
    }
  };
  await Promise.all(Array.from({ length: connections }, walk));
  const sorted = times.map(({ took }) => took).sort((a, b) => a - b);
  const slowest = times.sort((a, b) => b.took - a.took).slice(0, 5).map(({ took, what }) => `${Math.round(took)} ms ${what}`);
  return { n: sorted.length, p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), max: sorted.at(-1), slowest };
}
