package io.catga.test;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How failure messages show several things: each on a line of its own, with its number. */
final class NumberedList {

    private NumberedList() {}

    static String of(List<?> items) {
        return IntStream.range(0, items.size())
                .mapToObj(i -> "%n  %d. %s".formatted(i + 1, items.get(i)))
                .collect(Collectors.joining());
    }
}
