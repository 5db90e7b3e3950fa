package io.catga.backup;

import java.time.Instant;
import java.util.List;

/**
 * What is in a backup: counts to compare a restored cluster with, and a checksum of each file.
 *
 * @param format of this file and of the archive; another one is not read
 * @param taken  when the backup was begun: what was acknowledged before is in it
 * @param files  all files of the archive but this one
 */
record Manifest(int format, Instant taken, Redis redis, List<Stream> streams, List<Part> files) {

    static final int FORMAT = 1;

    Manifest {
        streams = List.copyOf(streams);
        files = List.copyOf(files);
    }

    /**
     * @param node     that it was copied from
     * @param contents as they were when the dump was loaded once, after it was taken
     */
    record Redis(String node, Contents contents) {}

    /**
     * What is in a Redis.
     *
     * @param keys    all, also those whose time has run out since the dump
     * @param lasting keys that are kept for good, orders and their indexes among them
     * @param orders  in the index of all orders
     * @param outbox  events that wait to be published
     * @param digest  of the names and values of all lasting keys
     */
    record Contents(long keys, long lasting, long orders, long outbox, String digest) {}

    /**
     * @param firstAt   when its first message was stored; the epoch where it has none
     * @param maxAge    in nanoseconds, after which messages go; 0 where they never do
     * @param consumers the durable ones
     * @param early     the places of events whose causes are not in the dump of Redis, as they came after it: not restored
     */
    record Stream(
            String name,
            long messages,
            long first,
            long last,
            Instant firstAt,
            long maxAge,
            List<Consumer> consumers,
            List<Long> early) {

        Stream {
            consumers = List.copyOf(consumers);
            early = List.copyOf(early);
        }
    }

    /**
     * @param position the last message of the stream up to which it has acknowledged all
     */
    record Consumer(String name, long position) {}

    record Part(String name, long bytes, String sha256) {}
}
