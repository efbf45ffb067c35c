/** The value below which a share `q` of the values lies, by linear interpolation; rounded to hundredths. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new Error('no values to take a quantile of');
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  return Math.round((low + (high - low) * (at - Math.floor(at))) * 100) / 100;
}

/** The straight line through points, by least squares: its rise for each unit of x, and its height at `x`. */
export function lineThrough(points: readonly (readonly [x: number, y: number])[]): {
  slope: number;
  at(x: number): number;
} {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const below = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = above / below;
  return { slope, at: (x) => meanY + slope * (x - meanX) };
}
