package io.catga.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;

/** What a real Tomcat sends of answers that are flushed before they end. */
@Timeout(30)
class WholeAnswerFilterTest {

    private final CountDownLatch firstWasRead = new CountDownLatch(1);
    private final WebServer server = start();
    private final HttpClient client = HttpClient.newHttpClient();

    private WebServer start() {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
        factory.setAddress(InetAddress.getLoopbackAddress());
        WebServer server = factory.getWebServer(
                new FilterRegistrationBean<>(new WholeAnswerFilter()),
                servlet("/order", new Order()),
                servlet("/list", new Listing()),
                servlet("/events", new Events()));
        server.start();
        return server;
    }

    private static ServletRegistrationBean<HttpServlet> servlet(String path, HttpServlet servlet) {
        ServletRegistrationBean<HttpServlet> bean = new ServletRegistrationBean<>(servlet, path);
        bean.setAsyncSupported(true);
        return bean;
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.stop();
    }

    private HttpResponse<InputStream> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getPort() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    @Test
    void anAnswerThatIsFlushedTwiceHasALengthAndNoEndOfItsOwn() throws Exception {
        HttpResponse<InputStream> response = get("/order");

        assertThat(response.headers().firstValue("Content-Length")).hasValue("8");
        assertThat(response.headers().firstValue("Transfer-Encoding")).isEmpty();
        assertThat(response.body()).hasContent("an order");
    }

    @Test
    void anAnswerOverTheBufferArrivesWhole() throws Exception {
        assertThat(get("/list").body().readAllBytes()).hasSize(Listing.SIZE);
    }

    @Test
    void eventsArriveAsTheyCome() throws Exception {
        InputStream events = get("/events").body();

        assertThat(events.readNBytes(5)).asString(StandardCharsets.UTF_8).isEqualTo("first");
        firstWasRead.countDown();
        assertThat(events).hasContent("second");
    }

    private static final class Order extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            for (String part : List.of("an", " order")) {
                response.getOutputStream().write(part.getBytes(StandardCharsets.UTF_8));
                response.getOutputStream().flush();
                response.flushBuffer();
            }
        }
    }

    private static final class Listing extends HttpServlet {
        static final int SIZE = 100_000;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getOutputStream().write(new byte[SIZE]);
            response.getOutputStream().flush();
        }
    }

    private final class Events extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            AsyncContext context = request.startAsync();
            context.start(() -> {
                try {
                    context.getResponse().getOutputStream().write("first".getBytes(StandardCharsets.UTF_8));
                    context.getResponse().flushBuffer();
                    firstWasRead.await();
                    context.getResponse().getOutputStream().write("second".getBytes(StandardCharsets.UTF_8));
                } catch (IOException | InterruptedException broken) {
                    throw new IllegalStateException(broken);
                } finally {
                    context.complete();
                }
            });
        }
    }
}
