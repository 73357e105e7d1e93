/** Cycles from the finished sums with which the lanes may begin, one late, to their first step: the memory of sums, and the choice. */
export const QUEUE_FEED_LATENCY = 2;
