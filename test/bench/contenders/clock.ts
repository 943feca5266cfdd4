/** The two clocks of a measurement: that on the wall, and the time of all threads of this process, in ms. */
export function createClock(clock: 'wall' | 'processor'): () => number {
  if (clock === 'wall') return () => performance.now();
  return () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
}
