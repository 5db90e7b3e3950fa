package io.catga.bench;

import java.util.Map;

/**
 * One load, for one time.
 *
 * @param processor   milliseconds that each has used, until the last event of these requests was handled
 * @param busy        share of all processors that was in use during the load, whoever used it
 * @param drainMillis from the last answer until the last event was handled by everybody
 * @param unexplained orders that are stored without a 201, or the other way round (negative)
 */
record Round(Tally tally, Map<String, Double> processor, double busy, double drainMillis, long unexplained) {}
