#!/usr/bin/env bash
# RoundedMoney of Moneta 1.4.5, the reference implementation of JSR 354, divides with as many digits as the amount has without
# its zeros, and rounds to cents afterwards. A quarter of 100.00 dollars is 0, that of 200.00 too, a third of it is 100, an
# eighth of 25.00 is 3; what came out of a sum or a product is without its zeros as well. Nothing is raised, and what is left
# over is nowhere. Money divides as one would.
# Guessed: 25, 50, 66.67 and 3.12.
# Java 17 or later, and Maven. Output seen:
#   100.00 / 4 = 0, 200.00 / 4 = 0, 200.00 / 3 = 100, 25.00 / 8 = 3, (25.50 + 74.50) / 4 = 0; Money 100.00 / 4 = 25
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>seen</groupId>
  <artifactId>seen</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.javamoney.moneta</groupId>
      <artifactId>moneta-core</artifactId>
      <version>1.4.5</version>
    </dependency>
  </dependencies>
</project>
XML
cat >Seen.java <<'JAVA'
import java.math.BigDecimal;
import java.util.logging.LogManager;
import javax.money.MonetaryAmount;
import org.javamoney.moneta.Money;
import org.javamoney.moneta.RoundedMoney;

public class Seen {
    private static MonetaryAmount dollars(String amount) {
        return RoundedMoney.of(new BigDecimal(amount), "USD");
    }

    private static String share(MonetaryAmount amount, int parts) {
        return amount.divide(parts).getNumber().numberValue(BigDecimal.class).toPlainString();
    }

    public static void main(String[] arguments) {
        LogManager.getLogManager().reset();
        String seen = "100.00 / 4 = " + share(dollars("100.00"), 4) + ", 200.00 / 4 = " + share(dollars("200.00"), 4)
                + ", 200.00 / 3 = " + share(dollars("200.00"), 3) + ", 25.00 / 8 = " + share(dollars("25.00"), 8)
                + ", (25.50 + 74.50) / 4 = " + share(dollars("25.50").add(dollars("74.50")), 4)
                + "; Money 100.00 / 4 = " + share(Money.of(new BigDecimal("100.00"), "USD"), 4);
        System.out.println(seen);
        if (!seen.equals("100.00 / 4 = 0, 200.00 / 4 = 0, 200.00 / 3 = 100, 25.00 / 8 = 3, (25.50 + 74.50) / 4 = 0; "
                + "Money 100.00 / 4 = 25")) {
            System.exit(1);
        }
    }
}
JAVA
mvn --quiet --batch-mode -Dmaven.repo.local="$folder/repository" \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$folder/jars"
java -cp "$folder/jars/*" Seen.java
