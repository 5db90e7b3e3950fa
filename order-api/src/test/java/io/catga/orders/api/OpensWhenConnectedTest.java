package io.catga.orders.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.nats.NatsLink;
import io.catga.nats.NatsOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

@Timeout(10)
class OpensWhenConnectedTest {

    private final StaticListableBeanFactory beans = new StaticListableBeanFactory();
    private final OpensWhenConnected opens = new OpensWhenConnected(beans.getBeanProvider(NatsLink.class));

    @Test
    void comesBeforeTheWebServer() {
        assertThat(opens.getPhase()).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
    }

    @Test
    void waitsForTheConnection() throws InterruptedException {
        NatsLink link = new NatsLink(NatsOptions.defaults().withServers(List.of("nats://127.0.0.1:1")));
        beans.addBean("link", link);

        Thread starting = Thread.ofVirtual().start(opens::start);

        assertThat(starting.join(Duration.ofMillis(200))).isFalse();
        // ends every waiting, as a connection does
        link.close();
        starting.join();
    }

    @Test
    void waitsForNothingWhereThereIsNoNats() {
        opens.start();

        assertThat(opens.isRunning()).isTrue();
    }
}
