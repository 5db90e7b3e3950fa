package io.catga.floor.cluster;

import io.lettuce.core.RedisException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Knows how many replicas a write has to wait for; asks a Sentinel twice a second. */
public final class Replicas implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);

    private static final long INTERVAL_MILLIS = 500;

    private final RedisLink redis;
    private final boolean wait;
    private volatile int required = 1;
    private volatile @Nullable Thread watcher;

    public Replicas(RedisLink redis, boolean wait) {
        this.redis = redis;
        this.wait = wait;
    }

    /** All that could be promoted; 0 where nothing is to wait. */
    public int required() {
        return wait ? required : 0;
    }

    @Override
    public void start() {
        if (wait) {
            required = redis.healthyReplicas();
            watcher = Thread.ofVirtual().name("floor-replicas").start(this::watch);
        }
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(INTERVAL_MILLIS);
                look();
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopped watching the replicas");
        }
    }

    private void look() {
        try {
            required = redis.healthyReplicas();
        } catch (RedisException e) {
            LOG.debug("No Sentinel has answered", e);
        }
    }

    @Override
    public void stop() {
        Thread running = watcher;
        watcher = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return watcher != null;
    }

    @Override
    public int getPhase() {
        return Phases.COMMITS;
    }
}
