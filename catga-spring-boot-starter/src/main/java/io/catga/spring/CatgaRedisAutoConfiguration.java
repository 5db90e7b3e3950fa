package io.catga.spring;

import io.catga.redis.RedisAccess;
import io.catga.redis.RedisLink;
import io.catga.redis.RedisOptions;
import io.catga.redis.RedisOutbox;
import io.catga.redis.RedisStateStore;
import io.catga.store.StateStore;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.tracing.Tracer;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Primary;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * State and outbox in Redis, for an application that says where Redis is. Nothing connects before the application starts,
 * so a run that only trains an AOT cache needs no database.
 */
@AutoConfiguration(before = CatgaAutoConfiguration.class)
@ConditionalOnClass(RedisLink.class)
@ConditionalOnBooleanProperty(name = "catga.in-memory", havingValue = false, matchIfMissing = true)
@Conditional(CatgaRedisAutoConfiguration.RedisIsConfigured.class)
public class CatgaRedisAutoConfiguration {

    /** Either way of saying where Redis is. */
    static final class RedisIsConfigured implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return context.getEnvironment().containsProperty("catga.redis.node")
                    || Addresses.areIn(context.getEnvironment(), "catga.redis.sentinels");
        }
    }

    @Bean(destroyMethod = "")
    RedisLink catgaRedisLink(
            CatgaProperties properties, CatgaInstance instance, ObjectProvider<SslBundles> sslBundles) {
        CatgaProperties.Redis redis = properties.redis();
        @Nullable String node = redis.node();
        RedisOptions options = node == null
                ? RedisOptions.sentinel(redis.sentinels(), redis.master(), instance.name())
                : RedisOptions.standalone(node, instance.name());
        return new RedisLink(options.withAccess(access(redis, sslBundles)));
    }

    private static RedisAccess access(CatgaProperties.Redis redis, ObjectProvider<SslBundles> sslBundles) {
        RedisAccess access = RedisAccess.open();
        if (redis.password() != null) {
            access = access.withLogin(redis.username(), redis.password());
        }
        if (redis.sentinelPassword() != null) {
            access = access.withSentinelLogin(redis.sentinelUsername(), redis.sentinelPassword());
        }
        Optional<SslBundle> bundle = TlsBundle.find(sslBundles, "catga.redis.ssl-bundle", redis.sslBundle());
        if (bundle.isPresent()) {
            SslManagerBundle managers = bundle.get().getManagers();
            access = access.withTls(managers.getKeyManagerFactory(), managers.getTrustManagerFactory());
        }
        return access;
    }

    @Bean
    PhasedLifecycle catgaRedisLinkLifecycle(RedisLink link, CatgaProperties properties) {
        return new PhasedLifecycle(
                "the Redis connection",
                PhasedLifecycle.CONNECTIONS,
                properties.shutdownGrace(),
                link::start,
                grace -> link.close());
    }

    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    RedisStateStore catgaRedisStateStore(RedisLink link, Clock clock) {
        return new RedisStateStore(link, clock);
    }

    @Bean
    PhasedLifecycle catgaRedisStateStoreLifecycle(RedisStateStore store, CatgaProperties properties) {
        return new PhasedLifecycle(
                "the state store",
                PhasedLifecycle.CONNECTIONS + 1,
                properties.shutdownGrace(),
                store::start,
                grace -> store.close());
    }

    /** What is injected: the same store, visible in traces. */
    @Bean
    @Primary
    StateStore catgaStateStore(RedisStateStore store, ObjectProvider<Tracer> tracer) {
        return store.traced(tracer.getIfAvailable(() -> Tracer.NOOP), "redis");
    }

    @Bean
    @ConditionalOnMissingBean
    RedisOutbox catgaRedisOutbox(RedisLink link, Clock clock) {
        return new RedisOutbox(link, clock);
    }

    @Bean
    MeterBinder catgaRedisMeters(RedisLink link, RedisStateStore store) {
        return new RedisMeters(link, store);
    }

    /** An instance that has just started and does not know the master yet must not be given what others can do. */
    @Bean
    Prerequisite catgaRedisPrerequisite(RedisLink link) {
        return link::isWritable;
    }

    /** There is a master, and a replica to acknowledge what it writes. */
    @Bean
    HealthCheck redisHealthIndicator(RedisLink link) {
        return new HealthCheck("Redis_Connection", link::isWritable);
    }
}
