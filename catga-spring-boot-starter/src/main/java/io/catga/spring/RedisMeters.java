package io.catga.spring;

import io.catga.redis.RedisLink;
import io.catga.redis.RedisStateStore;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The connection to Redis, and how the steps get there that are committed over it. */
final class RedisMeters implements MeterBinder {

    private final RedisLink link;
    private final RedisStateStore store;

    RedisMeters(RedisLink link, RedisStateStore store) {
        this.link = link;
        this.store = store;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("catga.redis.failovers", link, RedisLink::failovers)
                .description("How often another node has become the master that this instance writes to")
                .register(registry);
        Gauge.builder("catga.redis.writable", link, known -> known.isWritable() ? 1 : 0)
                .description("1 where there is a master, and a replica to acknowledge what it writes")
                .register(registry);
        Gauge.builder("catga.commit.queue", store, RedisStateStore::queuedCommits)
                .description("Steps that wait for the next batch")
                .register(registry);
        DistributionSummary batch = DistributionSummary.builder("catga.commit.batch")
                .description("Steps of each batch that Redis confirmed")
                .register(registry);
        store.onBatch(batch::record);
    }
}
