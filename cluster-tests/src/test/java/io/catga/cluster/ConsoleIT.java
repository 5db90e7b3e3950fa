package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriverException;

/** The console as a person uses it, while the cluster is well and while it is not. */
@ClusterTest
class ConsoleIT {

    private static final Duration SOON = Duration.ofSeconds(15);

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Browser browser;

    @BeforeAll
    static void startTheBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void endTheBrowser() {
        if (browser != null) {
            browser.close();
        }
        // what a test has waited for is what the page says; Docker looks less often
        Cluster.awaitHealthy();
    }

    @BeforeEach
    void openTheConsole() {
        browser.show(1280, 900, "light");
        browser.open(Orders.BALANCER + "/");
        soon(() -> {
            assertThat(browser.find("#link").getText()).isEqualTo("Live");
            assertThat(browser.texts(".lane .name"))
                    .containsAll(shortened(Cluster.ORDER_APIS))
                    .containsAll(shortened(Cluster.ORDER_SERVICES))
                    .containsAll(shortened(Cluster.NOTIFICATION_SERVICES));
        });
    }

    private static List<String> shortened(List<String> names) {
        return names.stream().map(name -> name.replaceFirst("^cluster-", "")).toList();
    }

    private static void soon(ThrowingRunnable assertion) {
        within(SOON, assertion);
    }

    /** The page draws itself again while it is looked at. */
    private static void within(Duration time, ThrowingRunnable assertion) {
        await().atMost(time)
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .untilAsserted(assertion);
    }

    private static void assertState(String instance, String state) {
        assertThat(browser.find(".lane[data-instance='" + instance + "']").getDomAttribute("data-state"))
                .as(instance)
                .isEqualTo(state);
    }

    /** Whoever is away meanwhile: the order is accepted. */
    private static void placeOrders(int count) {
        int before = number("#accepted");
        for (int i = 0; i < count; i++) {
            browser.find("#order button").click();
        }
        soon(() -> assertThat(number("#accepted")).isEqualTo(before + count));
    }

    private static int number(String selector) {
        return Integer.parseInt(browser.find(selector).getText().replace(",", ""));
    }

    @Test
    void anOrderShowsWhoTookItAndArrivesAtBothNotificationInstances() {
        browser.find("#order button").click();

        soon(() -> {
            assertThat(browser.texts("tbody .api"))
                    .singleElement()
                    .satisfies(name -> assertThat(name).matches("order-api-[123]"));
            assertThat(browser.texts("tbody .service"))
                    .singleElement()
                    .satisfies(name -> assertThat(name).matches("order-service-[123]"));
            assertThat(browser.texts("tbody [data-received=yes]")).hasSize(2);
            String order = browser.texts("tbody .id").getFirst();
            for (String instance : Cluster.NOTIFICATION_SERVICES) {
                assertThat(browser.texts("#arrivals [data-instance='" + instance + "'] code"))
                        .contains(order);
            }
            assertThat(browser.find("#notified").getText()).isEqualTo("1");
        });
    }

    @Test
    void theKeyboardIsEnough() {
        browser.find("body").sendKeys(Keys.TAB);
        assertThat(browser.focused().getText()).isEqualTo("Skip to the orders");
        browser.find("[name=customerId]").sendKeys(Keys.ENTER);
        soon(() -> assertThat(browser.texts("tbody .api")).hasSize(1));

        browser.type("[name=size]", "20");
        browser.type("[name=pace]", "50");
        browser.focused().sendKeys(Keys.TAB);
        assertThat(browser.focused().getText()).isEqualTo("Start burst");
        browser.focused().sendKeys(Keys.SPACE);

        soon(() -> assertThat(browser.find("#progress-text").getText()).isEqualTo("20 of 20 accepted"));
        assertThat(browser.focused().getText()).isEqualTo("Start burst");
        soon(() -> assertThat(browser.texts("[data-role=order-api] .count").stream()
                        .mapToInt(Integer::parseInt)
                        .sum())
                .isEqualTo(21));
        soon(() -> assertThat(browser.find("#notified").getText()).isEqualTo("21"));
    }

    @Test
    void aBurstCanBeStopped() {
        browser.type("[name=size]", "1000");
        browser.type("[name=pace]", "1");
        browser.find("#start").click();
        soon(() -> assertThat(number("#accepted")).isPositive());

        browser.find("#start").click();

        soon(() -> assertThat(browser.find("#start").getText()).isEqualTo("Start burst"));
        assertThat(browser.texts("tbody .api")).hasSizeLessThan(100);
    }

    @Test
    void aRefusedOrderIsShownWithWhatIsWrong() {
        browser.type("[name=customerId]", "<img src=x onerror=alert(1)>");
        browser.type("[name=quantity]", "-1");
        browser.find("#order button").click();

        soon(() -> assertThat(browser.find("#failures [data-code=VALIDATION]").getText())
                .contains("400 VALIDATION", "items[0].quantity", "trace"));
        assertThat(browser.find("#failed").getText()).isEqualTo("1");
        assertThat(browser.texts("img")).isEmpty();
    }

    @Test
    void ordersOfOthersArriveLive() {
        soon(() -> assertThat(browser.find("#watching").getText()).isEqualTo("Notifications"));
        String id = Orders.idOf(Orders.place("somebody-else-" + UUID.randomUUID()));

        soon(() -> assertThat(browser.texts("#arrivals code"))
                .filteredOn(("…" + id.substring(id.length() - 8))::equals)
                .hasSize(2));
        assertThat(browser.find("#watching").getText()).startsWith("Notifications from notification-service-");
    }

    @Test
    void anInstanceThatIsStoppedIsShownAsAwayAndAsBack() {
        String stopped = Cluster.ORDER_SERVICES.get(1);

        Cluster.without(List.of(stopped), () -> {
            soon(() -> assertState(stopped, "down"));
            placeOrders(3);
            browser.open(Orders.BALANCER + "/");
            soon(() -> assertState(stopped, "down"));
        });

        within(Cluster.RECOVERY, () -> assertState(stopped, "up"));
        assertThat(browser.texts("#changes [data-instance='" + stopped + "']"))
                .anyMatch(change -> change.contains("is back after"));
    }

    /** The load balancer goes on with the others, and so does the page, whichever of them it was talking to. */
    @Test
    void thePageGoesOnWhileAnOrderApiRestarts() {
        String restarted = Cluster.ORDER_APIS.getFirst();
        placeOrders(1);

        Shell.docker("restart", restarted);
        soon(() -> assertThat(browser.texts("#changes [data-instance='" + restarted + "']"))
                .anyMatch(change -> change.contains("went away")));
        placeOrders(5);
        assertThat(browser.find("#link").getText()).isEqualTo("Live");
        within(Cluster.RECOVERY, () -> assertState(restarted, "up"));

        assertThat(browser.find("#failed").getText()).isEqualTo("0");
    }

    /** One that hangs keeps its connections: nobody is told that it is away. */
    @Test
    void aNotificationInstanceThatHangsIsShownAsAwayAndItsStreamGoesOnWithTheOther() {
        placeOrders(1);
        soon(() -> assertThat(browser.find("#watching").getText()).contains("notification-service-"));
        String hung = "cluster-" + browser.find("#watching").getText().replace("Notifications from ", "");
        Shell.pause(hung);
        try {
            soon(() -> assertState(hung, "down"));
            within(Duration.ofSeconds(40), () -> {
                Orders.place("somebody-else");
                assertThat(browser.find("#watching").getText())
                        .startsWith("Notifications from ")
                        .doesNotContain(hung.replace("cluster-", ""));
            });
        } finally {
            Shell.docker("unpause", hung);
        }

        within(Cluster.RECOVERY, () -> assertState(hung, "up"));
    }

    /** The pictures are for a person to look at. */
    @ParameterizedTest
    @CsvSource({"light,1280,900", "dark,1280,900", "light,390,844", "dark,320,700"})
    void itFitsIntoEveryWindowAndComplainsAboutNothing(String colours, int width, int height) throws IOException {
        browser.complaints();
        browser.show(width, height, colours);
        placeOrders(2);
        soon(() -> assertThat(browser.texts("tbody [data-received=yes]")).hasSize(4));

        assertThat(browser.overflow()).isZero();
        assertThat(browser.complaints()).isEmpty();
        Path pictures = Files.createDirectories(Path.of("target", "console"));
        Files.write(pictures.resolve(colours + "-" + width + ".png"), browser.picture());
    }
}
