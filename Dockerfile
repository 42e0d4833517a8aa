# An image that runs the verbs of the Makefile:
#   docker build -t spotify-elt .
#   docker run --rm -v "$PWD/data:/app/data" spotify-elt elt
# The README says how to log in and how to run it every hour.
FROM python:3.13-slim

RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY . .
RUN make setup && mkdir -p data && chmod -R a+rwX data transform

# `--user` may name any user, also one without a home folder.
ENV HOME=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
VOLUME /app/data
ENTRYPOINT ["make", "--no-print-directory"]
CMD ["elt"]
