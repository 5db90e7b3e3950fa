package io.catga.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.redis.RedisLink;
import io.catga.redis.RedisOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

@Timeout(10)
class OpensWhenReadableTest {

    private final StaticListableBeanFactory beans = new StaticListableBeanFactory();
    private final OpensWhenReadable opens = new OpensWhenReadable(beans.getBeanProvider(RedisLink.class));

    @Test
    void comesBeforeTheWebServer() {
        assertThat(opens.getPhase()).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
    }

    @Test
    void waitsForRedis() throws InterruptedException {
        try (RedisLink link = new RedisLink(RedisOptions.sentinel(List.of("127.0.0.1:1"), "mymaster", "test"))) {
            beans.addBean("link", link);

            Thread starting = Thread.ofVirtual().start(opens::start);

            assertThat(starting.join(Duration.ofMillis(200))).isFalse();
            starting.interrupt();
            starting.join();
        }
    }

    @Test
    void waitsForNothingWhereThereIsNoRedis() {
        opens.start();

        assertThat(opens.isRunning()).isTrue();
    }
}
